// Fold the chapters of a long page on a narrow screen. Without this script, on a wide screen and on paper all are open.
"use strict";
(function () {
  const chapters = Array.from(document.querySelectorAll("details.atips-chapter"));
  if (!chapters.length) return;
  const narrow = window.matchMedia("(max-width: 40em)");
  function openTarget() {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const section = target && target.closest("section");
    const chapter = section && section.querySelector("details.atips-chapter");
    if (chapter) chapter.open = true;
    if (chapter) target.scrollIntoView();
  }
  function fold() {
    chapters.forEach(function (each) { each.open = !narrow.matches; });
    openTarget();
  }
  let folded = [];
  window.addEventListener("beforeprint", function () {
    folded = chapters.filter((each) => !each.open);
    folded.forEach(function (each) { each.open = true; });
  });
  window.addEventListener("afterprint", function () {
    folded.forEach(function (each) { each.open = false; });
  });
  window.addEventListener("hashchange", openTarget);
  narrow.addEventListener("change", fold);
  if (narrow.matches) fold();
})();
