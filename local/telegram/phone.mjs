/** In the browser: looks for news each second without disturbing what is being typed, and sends forms without leaving the page. */
const talk = document.querySelector("#talk");
let shown = "";

async function look() {
  const answer = await fetch("/talk").catch(() => undefined);
  if (!answer?.ok) return;
  const html = await answer.text();
  if (html === shown) return;
  const wasAtEnd = shown === "" || talk.scrollHeight - talk.scrollTop - talk.clientHeight < 80;
  talk.innerHTML = html;
  shown = html;
  if (wasAtEnd) talk.scrollTop = talk.scrollHeight;
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  // Editing ends with the page that it began with.
  if (form.action.endsWith("/edit")) return;
  event.preventDefault();
  await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (form.action.endsWith("/say")) form.reset();
  await look();
});

document.querySelector("textarea")?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

await look();
setInterval(look, 1000);
