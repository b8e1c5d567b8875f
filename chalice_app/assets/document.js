// Sends a file straight to the store, and then the rest of its form: what is too large for a form can be sent, too.

function sendDirectly(form) {
  const input = form.querySelector('input[type=file]');
  const button = form.querySelector('button');
  const status = form.querySelector('[role=status]');

  const tell = (sentence) => { status.textContent = sentence; };

  // Ask our own pages. Raise with what they say no with.
  async function ask(path, fields) {
    const answer = await fetch(form.action + path, { method: 'POST', body: new URLSearchParams(fields) });
    const told = answer.headers.get('content-type') ?? '';
    if (answer.ok) return answer.json();
    if (!told.includes('json')) throw new Error(form.dataset.broken);
    const { title, errors } = await answer.json();
    throw new Error(errors?.map(({ detail }) => detail).join(' ') || title);
  }

  async function send(file) {
    const words = [...new FormData(form)].filter(([, value]) => typeof value === 'string');
    const { id, url } = await ask('/plads', [['csrf', form.elements.csrf.value], ['size', file.size]]);
    const put = await fetch(url, { method: 'PUT', body: file });
    if (!put.ok) throw new Error(form.dataset.broken);
    await ask(`/${id}/faerdig`, words);
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const [file] = input.files;
    if (!file) return input.focus();
    button.disabled = true;
    tell(form.dataset.sending);
    try {
      await send(file);
      location.replace(form.dataset.done);
    } catch (error) {
      // Without an answer there is none of ours to tell.
      tell(error instanceof TypeError ? form.dataset.broken : error.message);
      button.disabled = false;
    }
  });
}

document.querySelectorAll('[data-document]').forEach(sendDirectly);
