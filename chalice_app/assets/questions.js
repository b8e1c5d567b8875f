// Shows a field only while the answer that it depends on is given. Without this script, or before it has come, all
// are shown, each with the words that say whom it is for. What is hidden is not among the answers: the server drops it.

const dependent = [...document.querySelectorAll('[data-shown-if]')];

const answers = (name) =>
  [...document.getElementsByName(name)].filter((field) =>
    (field.checked || field.matches('select')) && !field.closest('[hidden]'));

// In the order of the page: what depends on a hidden question is hidden too.
function update() {
  for (const question of dependent) {
    const wanted = question.dataset.anyOf.split(' ');
    question.hidden = !answers(question.dataset.shownIf).some(({ value }) => wanted.includes(value));
  }
}

for (const words of document.querySelectorAll('[data-condition]')) words.remove();
document.addEventListener('change', update);
update();
