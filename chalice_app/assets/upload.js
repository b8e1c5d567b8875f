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

function upload(form) {
  const input = form.querySelector('input[type=file]');
  const button = form.querySelector('button');
  const bar = form.querySelector('progress');
  const status = form.querySelector('[role=status]');

  const tell = (sentence) => { if (status.textContent !== sentence) status.textContent = sentence; };

  // Ask our own pages, again and again while nobody answers. Raise Refused with what they say no with.
  async function ask(path, fields) {
    const body = new URLSearchParams([['csrf', form.elements.csrf.value], ...fields]);
    for (let attempt = 0; ; attempt += 1) {
      try {
        const answer = await fetch(form.action + path, { method: 'POST', body });
        const told = answer.headers.get('content-type') ?? '';
        if (answer.ok) return await answer.json();
        if (answer.status < 500 && told.includes('json')) {
          const { title, errors } = await answer.json();
          throw new Refused(errors?.map(({ detail }) => detail).join(' ') || title);
        }
        tell(answer.status < 500 ? form.dataset.signedOut : form.dataset.broken);
      } catch (error) {
        if (error instanceof Refused) throw error;
        tell(form.dataset.broken);
      }
      await patience(attempt);
    }
  }

  // Put a part where its link leads. The answer is its status, or 0 when there was none.
  const put = (url, part, progress) =>
    new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open('PUT', url);
      request.upload.onprogress = ({ loaded }) => progress(loaded);
      request.onload = () => resolve(request.status);
      request.onerror = request.onabort = request.ontimeout = () => resolve(0);
      request.send(part);
    });

  async function send(file) {
    const { key, part_size: size, parts, here } = await ask('', [['size', file.size], ['mark', await markOf(file)]]);
    const sent = new Map(here.map((number) => [number, partOf(number).size]));
    const missing = Array.from({ length: parts }, (_, at) => at + 1).filter((number) => !sent.has(number));
    const urls = new Map();
    let asking;

    function partOf(number) {
      return file.slice((number - 1) * size, number * size);
    }

    function show() {
      const bytes = [...sent.values()].reduce((sum, one) => sum + one, 0);
      bar.value = bytes / file.size;
      const percent = Math.floor(bar.value * 10) * 10;
      if (percent !== show.said) {
        show.said = percent;
        tell(inWords(form.dataset.sending, { sent: inMegabytes(bytes), size: inMegabytes(file.size) }));
      }
    }

    async function linkTo(number) {
      while (!urls.has(number)) {
        const wanted = [number, ...missing].slice(0, LINKS);
        asking ??= ask('/dele', [['key', key], ...wanted.map((one) => ['numbers', one])]);
        const { links } = await asking;
        links.forEach(({ number: one, url }) => urls.set(one, url));
        asking = undefined;
      }
      return urls.get(number);
    }

    async function work() {
      for (let number = missing.shift(); number; number = missing.shift()) {
        for (let attempt = 0; ; attempt += 1) {
          const url = await linkTo(number);
          const answered = await put(url, partOf(number), (loaded) => { sent.set(number, loaded); show(); });
          if (answered === 200) break;
          // A link may have ended; the next one says whether the upload has.
          urls.delete(number);
          sent.delete(number);
          show.said = undefined;
          tell(form.dataset.broken);
          await patience(attempt);
        }
        sent.set(number, partOf(number).size);
        show();
      }
    }

    show();
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    await ask('/faerdig', [['key', key]]);
  }

  const stay = (event) => event.preventDefault();

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const [file] = input.files;
    if (!file) return input.focus();
    addEventListener('beforeunload', stay);
    input.disabled = button.disabled = true;
    bar.hidden = false;
    try {
      await send(file);
      tell(form.dataset.done);
      removeEventListener('beforeunload', stay);
      location.replace(form.dataset.page);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      tell(error.message);
      bar.hidden = true;
      removeEventListener('beforeunload', stay);
      input.disabled = button.disabled = false;
    }
  });

  form.hidden = false;
  document.querySelector('[data-no-upload]').hidden = true;
}

async function wait(sentence) {
  for (;;) {
    await new Promise((resolve) => { setTimeout(resolve, LOOK_AGAIN); });
    const answer = await fetch(sentence.dataset.checking).catch(() => undefined);
    const { state } = answer?.ok ? await answer.json() : { state: 'checking' };
    if (state === null) return location.replace(sentence.dataset.kept);
    if (state !== 'checking') return location.reload();
  }
}

document.querySelectorAll('[data-upload]').forEach(upload);
document.querySelectorAll('[data-checking]').forEach(wait);
