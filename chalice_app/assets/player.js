// Shows a recording where its page is, when somebody presses for it: before that, nothing is asked of its host.
// Without this script the button leads there.

for (const player of document.querySelectorAll('[data-video]')) {
  player.querySelector('a.button').addEventListener('click', (event) => {
    event.preventDefault();
    const frame = document.createElement('iframe');
    frame.src = player.dataset.video;
    frame.title = player.dataset.title;
    frame.allow = 'fullscreen; picture-in-picture';
    frame.referrerPolicy = 'no-referrer';
    player.replaceChildren(player.querySelector('h2'), frame);
    frame.focus();
  });
}
