// Shows a recording that lies at a host where its page is, when somebody presses for it: before that, nothing is asked of
// that host. Without this script the button leads there.

for (const player of document.querySelectorAll('[data-video]')) {
  const show = (event) => {
    event.preventDefault();
    event.target.removeEventListener('click', show);
    const frame = document.createElement('iframe');
    frame.src = player.dataset.video;
    frame.title = player.dataset.title;
    frame.allow = 'fullscreen; picture-in-picture';
    // Hosts show a recording on sites that they know: they are told which site, and not which page.
    frame.referrerPolicy = 'strict-origin-when-cross-origin';
    const link = event.target.closest('p');
    event.target.className = '';
    // Should the host refuse to be shown here, the link still leads there.
    player.replaceChildren(player.querySelector('h2'), frame, link);
    frame.focus();
  };
  player.querySelector('a.button').addEventListener('click', show);
}

// A chapter begins in the player of the page. Without this script its link opens the recording there.
const video = document.getElementById('recording');
for (const chapter of document.querySelectorAll('[data-at]')) {
  chapter.addEventListener('click', (event) => {
    event.preventDefault();
    video.currentTime = Number(chapter.dataset.at);
    video.play();
    video.focus();
  });
}
