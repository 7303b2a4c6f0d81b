// The phone desk: a page that plays the outside world and the colleagues of the demo, on the simulated phone system.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { DeskPage } from './desk-page.tsx';
import '../crm/crm.css';
import './desk.css';

const place = document.getElementById('desk');
if (!place) throw new Error('index.html has no #desk');
createRoot(place).render(
  <StrictMode>
    <DeskPage />
  </StrictMode>,
);
