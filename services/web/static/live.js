// Say when there are newer figures than the page shows. No number changes under the reader.
"use strict";
(function () {
  const line = document.getElementById("live");
  const shown = document.getElementById("freshness");
  if (!line || !shown || !window.EventSource) return;
  const newer = document.getElementById("newer");
  const link = document.getElementById("show-newer");
  const pause = document.getElementById("pause");
  const completeTo = Number(shown.dataset.completeTo);
  let source = null;
  let paused = false;
  line.hidden = false;
  function heard(event) {
    if (JSON.parse(event.data).complete_to > completeTo && link.hidden) {
      newer.textContent = newer.dataset.text;
      link.hidden = false;
    }
  }
  function open() {
    source = new EventSource("/live");
    source.onmessage = heard;
    pause.textContent = pause.dataset.pause;
  }
  function close() {
    source.close();
    source = null;
  }
  pause.addEventListener("click", function () {
    paused = source !== null;
    if (!paused) {
      open();
      return;
    }
    close();
    pause.textContent = pause.dataset.resume;
  });
  // A browser opens six connections to a server at most: pages that nobody looks at leave them to the others.
  document.addEventListener("visibilitychange", function () {
    if (document.hidden && source !== null) close();
    else if (!document.hidden && source === null && !paused) open();
  });
  open();
})();
