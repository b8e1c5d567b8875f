// The page for the door: finds people while one types, notes a tap at once, and sends it when the network is there.
// Marks wait in this browser, one to a person, until they have been taken. Without this script the buttons are forms.

const RETRY = 5000;

const page = document.querySelector('[data-check-in]');
const said = page.querySelector('[role=status]');
const key = `check-in ${page.dataset.checkIn}`;
const rows = [...page.querySelectorAll('li[data-words]')];
const row = (registration) => document.getElementById(`p-${registration}`);

const waiting = new Map(JSON.parse(localStorage.getItem(key) ?? '[]'));
const keep = () => {
  if (waiting.size) localStorage.setItem(key, JSON.stringify([...waiting]));
  else localStorage.removeItem(key);
};

function show(registration, wasThere) {
  const one = row(registration);
  if (!one) return;
  one.classList.toggle('is-here', wasThere);
  const [yes, no] = one.querySelectorAll('button[name=was_there]');
  const hadFocus = one.contains(document.activeElement);
  yes.hidden = wasThere;
  no.hidden = !wasThere;
  if (hadFocus) (wasThere ? no : yes).focus();
  page.querySelector('[data-here]').textContent = page.querySelectorAll('.is-here').length;
}

function tell(sentence = '') {
  if (said.textContent !== sentence) said.textContent = sentence;
}

const inWords = (name, values) =>
  Object.entries(values).reduce((words, [field, value]) => words.replace(`%(${field})s`, value), said.dataset[name]);

let sending = false;

// A mark that is no longer the last one of its person stays: the newer one is still to be sent.
function taken(registration, wasThere) {
  if (waiting.get(registration) === wasThere) waiting.delete(registration);
  keep();
}

async function send() {
  if (sending) return;
  sending = true;
  let problem = '';
  for (const [registration, wasThere] of [...waiting]) {
    const form = row(registration)?.querySelector('form');
    if (!form) {
      taken(registration, wasThere);
      continue;
    }
    const fields = new URLSearchParams(new FormData(form));
    fields.set('was_there', wasThere ? '1' : '0');
    try {
      const answer = await fetch(form.action, { method: 'POST', body: fields, redirect: 'manual' });
      if (answer.type === 'opaqueredirect') taken(registration, wasThere);
      else if (answer.status === 401 || answer.status === 403) problem = inWords('signedOut', {});
      else if (answer.status < 500) {
        problem = inWords('refused', { name: row(registration).querySelector('[data-name]').textContent });
        taken(registration, wasThere);
        show(registration, !wasThere);
      }
    } catch {
      break;
    }
    if (problem) break;
  }
  sending = false;
  tell(problem || (waiting.size ? inWords('waiting', { number: waiting.size }) : ''));
}

page.addEventListener('submit', (event) => {
  const button = event.submitter;
  if (button?.name !== 'was_there') return;
  event.preventDefault();
  const registration = event.target.elements.registration.value;
  const wasThere = button.value === '1';
  waiting.set(registration, wasThere);
  keep();
  show(registration, wasThere);
  send();
});

const search = page.querySelector('input[type=search]');
search.addEventListener('input', () => {
  const words = search.value.trim().toLocaleLowerCase();
  for (const one of rows) one.hidden = !one.dataset.words.toLocaleLowerCase().includes(words);
});
search.form.addEventListener('submit', (event) => event.preventDefault());
page.querySelector('[data-without-script]').hidden = true;

for (const [registration, wasThere] of waiting) show(registration, wasThere);
addEventListener('online', send);
setInterval(() => waiting.size && send(), RETRY);
if (waiting.size) send();
