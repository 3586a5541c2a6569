// Take tables and charts out of the tab order while they fit, for the keyboard has nothing to scroll there.
"use strict";
(function () {
  if (!window.ResizeObserver) return;
  function set(region) {
    if (region.scrollWidth > region.clientWidth) region.tabIndex = 0;
    else if (region !== document.activeElement) region.removeAttribute("tabindex");
  }
  const observer = new ResizeObserver(function (entries) {
    new Set(entries.map((each) => each.target.closest(".atips-scroll"))).forEach(set);
  });
  document.querySelectorAll(".atips-scroll").forEach(function (region) {
    observer.observe(region);
    if (region.firstElementChild) observer.observe(region.firstElementChild);
    region.addEventListener("blur", () => requestAnimationFrame(() => set(region)));
  });
})();
