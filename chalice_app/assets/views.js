// Tells that a recording is played, and watched to its end: each once for as long as the page is open, and nothing of who
// watches. Without this script nothing is counted.

const END = 0.9;
const MOST_OF_IT = 0.5;

const seconds = (ranges) => {
  let sum = 0;
  for (let at = 0; at < ranges.length; at += 1) sum += ranges.end(at) - ranges.start(at);
  return sum;
};

for (const place of document.querySelectorAll('[data-views]')) {
  const told = new Set();
  const tell = (what) => {
    if (told.has(what)) return;
    told.add(what);
    const body = new Blob([JSON.stringify({ what })], { type: 'application/json' });
    navigator.sendBeacon(place.dataset.views, body);
  };

  // What media tell does not bubble: it is caught on its way down.
  place.addEventListener('playing', () => tell('play'), true);
  place.addEventListener('timeupdate', ({ target: { currentTime, duration, played } }) => {
    // Whoever jumps to the end has not watched it.
    if (currentTime >= END * duration && seconds(played) >= MOST_OF_IT * duration) tell('complete');
  }, true);
  // Of a recording at a video host, all there is to see is that somebody presses for it.
  place.addEventListener('click', ({ target }) => {
    if (target.closest('[data-video] a.button')) tell('play');
  }, true);
}
