// The demo CRM: a single page app with history routing and no backend. All data is invented and says so.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { defineElements } from './elements.ts';
import './crm.css';
import './pages.css';

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'crm-phone': { number: string };
      'crm-direct-line': { number: string };
    }
  }
}

defineElements();
const app = document.getElementById('app');
if (!app) throw new Error('index.html has no #app');
createRoot(app).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
