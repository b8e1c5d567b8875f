// Presses the button of a form that does a long piece of work some at a time, and says so. Without this script whoever
// is there presses it.

const AFTER = 1000;

for (const form of document.querySelectorAll('form[data-goes-on]')) {
  form.querySelector('[data-by-itself]').hidden = false;
  setTimeout(() => form.requestSubmit(), AFTER);
}
