// Keep Enter in a field from sending a form whose first button is disabled: of choices browsers send it all the same.
"use strict";
document.addEventListener("keydown", function (event) {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches("input")) return;
  const form = event.target.form;
  if (form && form.querySelector("button[disabled][hidden]")) event.preventDefault();
});
