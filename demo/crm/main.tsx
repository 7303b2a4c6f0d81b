// The demo CRM: a single page app with history routing and no backend. All data is invented and says so.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { defineElements } from './elements.ts';
import { PEOPLE } from './people.ts';
import { PeopleList } from './people-list.tsx';
import { PersonPage } from './person-page.tsx';
import { usePath } from './route.ts';
import './crm.css';

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'crm-phone': { number: string };
      'crm-direct-line': { number: string };
    }
  }
}

function App() {
  const path = usePath();
  const id = /^\/contacts\/([^/]+)\/?$/.exec(path)?.[1];
  return (
    <>
      <header className="top">
        <span className="brand">Kontor CRM</span>
        <span className="sample">Sample data: every person, company and number here is invented</span>
      </header>
      {id === undefined ? (
        <PeopleList people={PEOPLE} />
      ) : (
        <PersonPage key={id} person={PEOPLE.find((person) => person.id === id)} />
      )}
    </>
  );
}

defineElements();
const app = document.getElementById('app');
if (!app) throw new Error('index.html has no #app');
createRoot(app).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
