// Shows what is to come, and recordings, on a partner's page:
//   <tovholder-list show="recordings" theme="unge" language="da"><a href="…">A plain link</a></tovholder-list>
// It looks like the page around it, stores nothing, and asks nobody but us. Without it, the plain link is there.

const SITE = new URL(import.meta.url).origin;
const WHOLE = { recordings: ['recordings'], gatherings: ['gatherings'], both: ['gatherings', 'recordings'] };

const SHEET = new CSSStyleSheet();
SHEET.replaceSync(`
  :host { display: block; font: inherit; color: inherit; }
  ul { margin: 0 0 1em; padding: 0; list-style: none; }
  li { padding: 0.75em 0; border-bottom: 1px solid color-mix(in srgb, currentcolor 25%, transparent); }
  a { color: var(--tovholder-accent, inherit); font-weight: 600; }
  a:focus-visible { outline: 3px solid currentcolor; outline-offset: 2px; }
  p { margin: 0.25em 0 0; }
  [data-waits] { min-height: calc(var(--rows) * 4.5em); }
`);

const asked = new Map();
const ask = (path) => {
  if (!asked.has(path)) {
    asked.set(path, fetch(SITE + path).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status))));
  }
  return asked.get(path);
};

const make = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

class TovholderList extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [SHEET];
    this.shown = make('div', {});
    this.shown.style.setProperty('--rows', Math.min(this.most, 5));
    this.shown.dataset.waits = '';
    root.append(this.shown, make('slot', {}));
    this.fill().catch(() => this.shown.remove());
  }

  get most() {
    return Number(this.getAttribute('most')) || 5;
  }

  said(text) {
    return text[this.tongue(text)] || '';
  }

  // The language that a text comes out in (WCAG 2.2, 3.1.2).
  tongue(text) {
    return text[this.language] ? this.language : (Object.keys(text)[0] ?? this.language);
  }

  day(moment) {
    return new Intl.DateTimeFormat(this.language, { dateStyle: 'long', timeZone: this.zone }).format(moment);
  }

  async fill() {
    const { words, prefixes, zone, moved, webinars } = await ask('/webinarer/katalog.json');
    const wanted = this.getAttribute('language');
    this.language = wanted in words ? wanted : Object.keys(words)[0];
    this.words = words[this.language];
    this.zone = zone;
    this.root = prefixes[this.language];
    this.theme = moved[this.getAttribute('theme')] ?? this.getAttribute('theme');
    const entries = [];
    for (const kind of WHOLE[this.getAttribute('show')] ?? WHOLE.recordings) {
      const found = kind === 'recordings' ? this.recordings(webinars) : await this.gatherings();
      entries.push(...found.slice(0, this.most));
    }
    const list = make('ul', { lang: this.language }, ...entries);
    this.shown.replaceChildren(entries.length ? list : make('p', { lang: this.language, textContent: this.words.none }));
    delete this.shown.dataset.waits;
  }

  recordings(all) {
    const single = this.getAttribute('webinar');
    // A day without a time: noon is the same day in every zone that a network is likely to be in.
    return all
      .filter((one) => (!this.theme || one.themes.includes(this.theme)) && (!single || one.slug === single))
      .map((one) => this.entry(`/webinarer/${one.slug}`, one.title, one.summary, this.day(new Date(`${one.held_on}T12:00Z`))));
  }

  async gatherings() {
    const query = this.theme ? `?theme=${encodeURIComponent(this.theme)}` : '';
    const { gatherings } = await ask(`/api/v1/gatherings${query}`);
    return gatherings.map((one) => {
      const path = `/arrangementer/${one.slug}`;
      const entry = this.entry(path, one.title, one.summary, this.day(new Date(one.sessions[0].starts_at)));
      if (one.registration_open) {
        const sign = make('a', { href: `${SITE}${this.root}${path}/tilmelding`, textContent: this.words.sign_up });
        sign.setAttribute('aria-label', `${this.words.sign_up}: ${this.said(one.title)}`);
        entry.append(make('p', {}, sign));
      }
      return entry;
    });
  }

  entry(path, title, summary, day) {
    const link = make('a', { href: `${SITE}${this.root}${path}`, textContent: this.said(title), lang: this.tongue(title) });
    const about = make('p', { textContent: this.said(summary), lang: this.tongue(summary) });
    return make('li', {}, link, make('p', { textContent: day }), ...(about.textContent ? [about] : []));
  }
}

customElements.define('tovholder-list', TovholderList);
