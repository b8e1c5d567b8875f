// Sends a recording straight to the store, in parts, several at a time. What has come is not sent again, after a lost
// connection or on another day. Then it waits until the recording has been looked into.

const AT_ONCE = 3;
const LINKS = 12;
const LONGEST_WAIT = 30_000;
const LOOK_AGAIN = 2000;

const inWords = (words, values) =>
  Object.entries(values).reduce((said, [name, value]) => said.replace(`%(${name})s`, value), words);

const inMegabytes = (bytes) =>
  `${Math.ceil(bytes / 1_000_000).toLocaleString(document.documentElement.lang)} MB`;

// Until some time has passed, or the network is back.
const patience = (attempt) =>
  new Promise((resolve) => {
    const waited = setTimeout(resolve, Math.min(1000 * 2 ** attempt, LONGEST_WAIT));
    addEventListener('online', () => { clearTimeout(waited); resolve(); }, { once: true });
  });

class Refused extends Error {}

// What the file is known by: its name itself stays here, for somebody may be named in it.
async function markOf(file) {
  const told = new TextEncoder().encode(`${file.name}|${file.size}|${file.lastModified}`);
  const digest = await crypto.subtle.digest('SHA-256', told);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

// The token of the login as it is now: who has been signed out meanwhile has another.
async function tokenOf(page) {
  const answer = await fetch(page).catch(() => undefined);
  const read = new DOMParser().parseFromString((await answer?.text()) ?? '', 'text/html');
  return read.querySelector('[data-upload] [name=csrf]')?.value;
}

function upload(form) {
  const { sending, broken, signedOut, unreadable, stopped, done, none, page } = form.dataset;
  const input = form.querySelector('input[type=file]');
  const [button, stop] = form.querySelectorAll('button');
  const bar = form.querySelector('progress');
  const status = form.querySelector('[role=status]');
  const fault = form.querySelector('[role=alert]');
  const described = input.getAttribute('aria-describedby');
  let busy; // what is being sent now: whoever is stopped or refused leaves it

  const tell = (sentence) => { if (status.textContent !== sentence) status.textContent = sentence; };

  function refuse(sentence) {
    fault.textContent = sentence;
    fault.hidden = !sentence;
    input.toggleAttribute('aria-invalid', Boolean(sentence));
    input.setAttribute('aria-describedby', sentence ? `${fault.id} ${described}` : described);
    if (sentence) input.focus();
  }

  // Ask our own pages, again and again while nobody answers. Raise Refused with what they say no with.
  async function ask(mine, path, fields) {
    for (let attempt = 0; mine === busy; attempt += 1) {
      const body = new URLSearchParams([['csrf', form.elements.csrf.value], ...fields]);
      const answer = await fetch(form.action + path, { method: 'POST', body }).catch(() => undefined);
      if (answer?.ok) return answer.json();
      if (answer && answer.status < 500 && answer.status !== 429) {
        if ((answer.headers.get('content-type') ?? '').includes('json')) {
          const { title, errors } = await answer.json();
          throw new Refused(errors?.map(({ detail }) => detail).join(' ') || title);
        }
        tell(signedOut);
        form.elements.csrf.value = (await tokenOf(page)) ?? form.elements.csrf.value;
      } else tell(broken);
      await patience(attempt);
    }
    throw new Refused(stopped);
  }

  // Put a part where its link leads. The answer is its status, or 0 when there was none.
  const put = (mine, url, part, progress) =>
    new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open('PUT', url);
      request.upload.onprogress = ({ loaded }) => (mine === busy ? progress(loaded) : request.abort());
      request.onload = () => resolve(request.status);
      request.onerror = request.onabort = request.ontimeout = () => resolve(0);
      request.send(part);
    });

  async function send(mine, file) {
    const begun = await ask(mine, '', [['size', file.size], ['mark', await markOf(file)]]);
    const { key, part_size: size, parts, here } = begun;
    const partOf = (number) => file.slice((number - 1) * size, number * size);
    const sent = new Map(here.map((number) => [number, partOf(number).size]));
    const missing = Array.from({ length: parts }, (_, at) => at + 1).filter((number) => !sent.has(number));
    const urls = new Map();
    let asking;
    let told;

    function show() {
      const bytes = [...sent.values()].reduce((sum, one) => sum + one, 0);
      bar.value = bytes / file.size;
      const tenths = Math.floor(bar.value * 10);
      if (tenths === told) return;
      told = tenths;
      tell(inWords(sending, { sent: inMegabytes(bytes), size: inMegabytes(file.size) }));
    }

    async function linkTo(number) {
      while (!urls.has(number)) {
        const wanted = [number, ...missing].slice(0, LINKS);
        asking ??= ask(mine, '/dele', [['key', key], ...wanted.map((one) => ['numbers', one])]);
        const { links } = await asking.finally(() => { asking = undefined; });
        links.forEach(({ number: one, url }) => urls.set(one, url));
      }
      return urls.get(number);
    }

    async function work() {
      for (let number = missing.shift(); number && mine === busy; number = missing.shift()) {
        for (let attempt = 0; mine === busy; attempt += 1) {
          const url = await linkTo(number);
          const answered = await put(mine, url, partOf(number), (loaded) => { sent.set(number, loaded); show(); });
          if (answered === 200) break;
          // A link may have ended: the next one says whether the way has. A file may have been changed or moved.
          await partOf(number).slice(0, 1).arrayBuffer().catch(() => { throw new Refused(unreadable); });
          urls.delete(number);
          sent.delete(number);
          told = undefined;
          if (mine === busy) tell(broken);
          await patience(attempt);
        }
        sent.set(number, partOf(number).size);
        if (mine === busy) show();
      }
    }

    show();
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    await ask(mine, '/faerdig', [['key', key]]);
  }

  const stay = (event) => event.preventDefault();

  function occupied(mine) {
    busy = mine;
    bar.hidden = stop.hidden = !mine;
    input.disabled = Boolean(mine);
    button.setAttribute('aria-disabled', String(Boolean(mine)));
    if (mine) addEventListener('beforeunload', stay);
    else removeEventListener('beforeunload', stay);
  }

  stop.addEventListener('click', () => {
    occupied(undefined);
    tell(stopped);
    button.focus();
  });

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const [file] = input.files;
    if (busy) return;
    if (!file) return refuse(none);
    const mine = {};
    refuse('');
    occupied(mine);
    try {
      await send(mine, file);
      occupied(undefined);
      tell(done);
      location.replace(page);
    } catch (error) {
      if (mine !== busy) return;
      occupied(undefined);
      tell('');
      if (!(error instanceof Refused)) throw error;
      refuse(error.message);
    }
  });

  form.hidden = false;
  document.querySelector('[data-no-upload]').hidden = true;
}

// Nothing on the page changes by itself, for somebody may be writing: a link says that there is more to see.
async function wait(sentence) {
  for (;;) {
    await new Promise((resolve) => { setTimeout(resolve, LOOK_AGAIN); });
    const answer = await fetch(sentence.dataset.checking).catch(() => undefined);
    const { state } = answer?.ok ? await answer.json() : { state: 'checking' };
    if (state !== 'checking') {
      sentence.querySelector('span').hidden = true;
      sentence.querySelector('a').hidden = false;
      return;
    }
  }
}

document.querySelectorAll('[data-upload]').forEach(upload);
document.querySelectorAll('[data-checking]').forEach(wait);
