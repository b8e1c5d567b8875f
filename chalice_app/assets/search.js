// Searches the catalogue where it is read: what somebody looks for is told to nobody. Words are found in all their forms.
// Without this script there are the themes and goals.

const SOON = 150;

for (const form of document.querySelectorAll('form[data-search]')) {
  const field = form.querySelector('input');
  const said = form.querySelector('[role=status]');
  const results = document.createElement('ul');
  results.className = 'plain-list gathering-list';
  let looking;
  let wait;

  const words = (count) => {
    if (count === 0) return form.dataset.none;
    return (count === 1 ? form.dataset.one : form.dataset.many).replace('%', count);
  };

  const entry = ({ title, summary, path, day }) => {
    const item = document.createElement('li');
    item.className = 'recording';
    const link = Object.assign(document.createElement('a'), { href: path, textContent: title });
    const heading = document.createElement('h2');
    heading.append(link);
    item.append(heading);
    for (const text of [summary, day].filter(Boolean)) {
      item.append(Object.assign(document.createElement('p'), { textContent: text }));
    }
    return item;
  };

  const load = async () => {
    const [{ default: MiniSearch }, { stemmer }, answer] = await Promise.all([
      import(form.dataset.library),
      import(form.dataset.stemmer),
      fetch(form.dataset.search),
    ]);
    if (!answer.ok) throw new Error(answer.status);
    const index = new MiniSearch({
      idField: 'path',
      fields: ['title', 'summary', 'words'],
      storeFields: ['title', 'summary', 'day', 'path'],
      processTerm: (term) => stemmer(term.toLowerCase()),
      searchOptions: { prefix: true, fuzzy: 0.15, combineWith: 'AND', boost: { title: 4, summary: 2 } },
    });
    index.addAll(await answer.json());
    return index;
  };

  const look = async () => {
    const wanted = field.value.trim();
    if (!wanted) {
      said.textContent = '';
      results.remove();
      return;
    }
    let index;
    try {
      index = await (looking ??= load());
    } catch {
      looking = undefined; // perhaps it goes next time
      said.textContent = form.dataset.failed;
      return;
    }
    if (wanted !== field.value.trim()) return;
    const found = index.search(wanted);
    results.replaceChildren(...found.map(entry));
    form.after(results);
    said.textContent = words(found.length);
  };

  form.addEventListener('input', () => {
    clearTimeout(wait);
    wait = setTimeout(look, SOON);
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    look();
  });
  form.hidden = false;
}
