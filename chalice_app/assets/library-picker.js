// Makes a long <select data-picker> a field to type in, with a list that narrows as one types: the combobox of the
// ARIA Authoring Practices, "list autocomplete with manual selection". The select stays in the form and keeps the
// value, so that without this script, or before it has come, everything works as well.

const LETTERS = { æ: 'ae', ä: 'ae', ø: 'oe', ö: 'oe', å: 'aa' };

// Århus finds Aarhus, and soenderborg finds Sønderborg.
const plain = (text) =>
  text.trim().toLowerCase().normalize('NFC').replace(/[æäøöå]/g, (letter) => LETTERS[letter])
    .normalize('NFD').replace(/\p{Mark}/gu, '');

const element = (name, attributes, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

function enhance(select) {
  const choices = [...select.options].filter((option) => option.value).map((option) => ({
    option,
    words: plain(`${option.text} ${option.dataset.aliases ?? ''}`),
    item: element('li', { role: 'option', id: `${select.id}-${option.value}`, 'aria-selected': 'false' }, option.text),
  }));
  const list = element('ul', { role: 'listbox', id: `${select.id}-list`, 'aria-label': select.labels[0].textContent });
  const nothing = element('li', { class: 'nothing', role: 'presentation' }, select.dataset.nothing);
  const status = element('div', { role: 'status', class: 'sr-only' });
  const input = element('input', {
    type: 'text', class: 'form-input', id: select.id, role: 'combobox', autocomplete: 'off', spellcheck: 'false',
    'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': list.id, 'aria-required': 'true',
  });
  for (const name of ['aria-describedby', 'aria-invalid']) {
    if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  }
  let fitting = choices;
  let active = -1;

  function activate(index) {
    fitting[active]?.item.setAttribute('aria-selected', 'false');
    active = index;
    const item = fitting[active]?.item;
    item?.setAttribute('aria-selected', 'true');
    item?.scrollIntoView({ block: 'nearest' });
    if (item) input.setAttribute('aria-activedescendant', item.id);
    else input.removeAttribute('aria-activedescendant');
  }

  function show(typed) {
    const wanted = plain(typed);
    activate(-1);
    fitting = choices.filter(({ words }) => words.includes(wanted));
    // What begins with the letters comes before what only has them inside; otherwise the list keeps its order.
    fitting.sort((a, b) => b.words.startsWith(wanted) - a.words.startsWith(wanted));
    list.replaceChildren(...(fitting.length ? fitting.map(({ item }) => item) : [nothing]));
    list.hidden = false;
    input.setAttribute('aria-expanded', 'true');
  }

  function hide() {
    activate(-1);
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    status.textContent = '';
  }

  function choose(choice) {
    select.value = choice.option.value;
    input.value = choice.option.text;
    hide();
  }

  function announce() {
    const { nothing, foundOne, found } = select.dataset;
    const count = fitting.length;
    status.textContent = count === 0 ? nothing : count === 1 ? foundOne : found.replace('#', count);
  }

  input.addEventListener('input', () => {
    show(input.value);
    announce();
    // A name written out in full counts as chosen; anything less must not keep an earlier choice.
    select.value = choices.find(({ option }) => plain(option.text) === plain(input.value))?.option.value ?? '';
  });

  input.addEventListener('keydown', (event) => {
    const open = !list.hidden;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!open) show(select.value ? '' : input.value);
      const step = event.key === 'ArrowDown' ? 1 : -1;
      const from = active < 0 && step < 0 ? 0 : active;
      if (fitting.length) activate((from + step + fitting.length) % fitting.length);
    } else if (event.key === 'Enter' && open && active >= 0) {
      event.preventDefault();
      choose(fitting[active]);
    } else if (event.key === 'Escape' && open) {
      hide();
    } else if (event.key === 'Escape') {
      input.value = select.value = '';
    }
  });

  input.addEventListener('click', () => (list.hidden ? show(select.value ? '' : input.value) : hide()));
  input.addEventListener('blur', () => {
    if (active >= 0) choose(fitting[active]);
    else if (!select.value && input.value.trim() && fitting.length === 1) choose(fitting[0]);
    else hide();
  });
  list.addEventListener('mousedown', (event) => event.preventDefault()); // the focus stays in the field
  list.addEventListener('click', (event) => {
    const choice = choices.find(({ item }) => item === event.target);
    if (choice) choose(choice);
  });

  input.value = select.value ? select.selectedOptions[0].text : '';
  list.hidden = true;
  const wasInUse = document.activeElement === select;
  select.hidden = true;
  select.id += '-chosen';
  select.before(element('div', { class: 'picker' }, input, list, status));
  if (wasInUse) input.focus();
}

document.querySelectorAll('select[data-picker]').forEach(enhance);
