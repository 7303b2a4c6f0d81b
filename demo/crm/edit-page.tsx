// The form of a contact: numbers in inputs, where no text node holds them. What is saved lasts as long as the page.
import { useState } from 'react';
import { Link } from './link.tsx';
import { COUNTRIES, type Person, sibling } from './people.ts';
import { written } from './writing.ts';

/** The form, filled in. */
export function EditPage({ person }: { person: Person | undefined }) {
  const [saved, setSaved] = useState('');
  if (!person) {
    return (
      <main>
        <h1>No such contact</h1>
        <Link to="/contacts">All contacts</Link>
      </main>
    );
  }
  const { id, name, company, city, country, phone, mobile, order, iban, lastContact } = person;
  const fields = [
    ['Name', name, 'text'],
    ['Company', company, 'text'],
    ['City', city, 'text'],
    ['Phone', written(phone, 0), 'tel'],
    ['Mobile', written(mobile, 4), 'tel'],
    ['Emergency contact', written(sibling(phone, 4), 3), 'text'],
    ['Order', order, 'text'],
    ['IBAN', iban, 'text'],
    ['Last contact', lastContact, 'date'],
  ] as const;
  return (
    <main>
      <p className="crumbs">
        <Link to={`/contacts/${id}`}>Back to {name}</Link>
      </p>
      <h1>Edit {name}</h1>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setSaved('Saved until the page is closed.');
        }}
      >
        {fields.map(([label, value, type]) => (
          <label key={label}>
            <span>{label}</span>
            <input type={type} defaultValue={value} />
          </label>
        ))}
        <label>
          <span>Country</span>
          <select defaultValue={country}>
            {COUNTRIES.map(([code, text]) => (
              <option key={code} value={code}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <label className="whole">
          <span>Notes</span>
          <textarea
            rows={4}
            defaultValue={`Reception ${written(sibling(phone, 1), 0)}, on Fridays only ${written(sibling(phone, 5), 1)}.\nNever before 09:30.`}
          />
        </label>
        <div className="whole bar">
          <button type="submit" className="button">
            Save
          </button>
          <span role="status" className="quiet">
            {saved}
          </span>
        </div>
      </form>
    </main>
  );
}
