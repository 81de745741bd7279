/** The console's one script: keys, and news without reloading. Every page works without it. */

/** Shown in the list of keys, and bound by the script below. */
export const keyList: readonly { keys: string[]; does: string }[] = [
  { keys: ["j", "k"], does: "Next, previous" },
  { keys: ["Enter"], does: "Open" },
  { keys: ["/"], does: "Ask a question" },
  { keys: ["g", "t"], does: "Go to my day" },
  { keys: ["g", "c"], does: "Go to conversations" },
  { keys: ["g", "a"], does: "Go to ask" },
  { keys: ["a"], does: "Approve the message and send it" },
  { keys: ["e"], does: "Edit the message" },
  { keys: ["r"], does: "Return the message to its writer" },
  { keys: ["g", "p"], does: "Go to approvals" },
  { keys: ["g", "o"], does: "Go to the outbox" },
  { keys: ["g", "b"], does: "Go to the board" },
  { keys: ["g", "m"], does: "Go to memory" },
  { keys: ["g", "l"], does: "Go to the ledger" },
  { keys: ["?"], does: "This list" },
];

export const script = `"use strict";
(() => {
  const one = (query, within = document) => within.querySelector(query);
  const all = (query, within = document) => [...within.querySelectorAll(query)];
  const seen = (element) => element.getClientRects().length > 0;

  const move = (step) => {
    const items = all("[data-item]").filter(seen);
    const here = document.activeElement && document.activeElement.closest("[data-item]");
    const at = items.indexOf(here) >= 0 ? items.indexOf(here) : items.findIndex((item) => item.hasAttribute("aria-current"));
    const next = items[at < 0 ? (step > 0 ? 0 : items.length - 1) : Math.min(Math.max(at + step, 0), items.length - 1)];
    if (!next) return;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };
  const places = { t: "/console/today", c: "/console", a: "/console/ask", m: "/console/memory", p: "/console/approvals", o: "/console/outbox", b: "/console/board", l: "/console/ledger" };
  const code = one("[data-code]");
  if (code && location.hash.length > 1) {
    code.value = location.hash.slice(1);
    history.replaceState(null, "", location.pathname);
  }
  // An invitation stands behind the #, which no server sees: taken along through signing in or up, to the page that reads it.
  if (!code && location.hash.length > 1) {
    for (const way of all("[data-carry]")) way[way.tagName === "FORM" ? "action" : "href"] += location.hash;
  }
  // A button or a menu that names its key: the menu opens with its field ready.
  const press = (event) => {
    const button = all("[data-press]").find((item) => item.dataset.press === event.key && seen(item));
    if (!button || event.repeat) return;
    event.preventDefault();
    button.click();
    const field = button.tagName === "SUMMARY" && one("textarea, input:not([type=hidden])", button.parentElement);
    if (field) setTimeout(() => field.focus());
  };
  let going = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const typing = event.target instanceof Element && event.target.matches("input:not([type=radio]), textarea, select");
    if (typing) {
      if (event.key === "Escape") event.target.blur();
      if (event.key === "Enter" && !event.shiftKey && event.target.matches("[data-send]")) {
        event.preventDefault();
        event.target.form.requestSubmit();
      }
      return;
    }
    if (one("dialog[open]")) return;
    const went = Date.now() - going < 1000 && places[event.key];
    going = event.key === "g" ? Date.now() : 0;
    if (went) location.assign(went);
    else if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "/") {
      const field = all("[data-ask]").find(seen);
      if (field) field.focus();
      else location.assign(places.a);
      event.preventDefault();
    } else if (event.key === "?") one("#keys").showModal();
    else press(event);
  });
  document.addEventListener("click", (event) => {
    for (const menu of all("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
    if (event.target instanceof Element && event.target.closest("[data-keys]")) {
      event.preventDefault();
      one("#keys").showModal();
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target instanceof Element && event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  });
  document.addEventListener("submit", (event) => {
    if (event.target.method === "dialog") return;
    for (const button of all("button[type=submit]", event.target)) setTimeout(() => (button.disabled = true));
  });
  addEventListener("pageshow", () => {
    for (const button of all("button:disabled")) button.disabled = false;
  });

  const chosen = one("[data-item][aria-current]");
  if (chosen && seen(chosen)) chosen.scrollIntoView({ block: "nearest" });

  const told = new URL(location.href);
  if (told.searchParams.has("note")) {
    told.searchParams.delete("note");
    history.replaceState(null, "", told);
    setTimeout(() => one(".flash") && one(".flash").remove(), 6000);
  }

  // A part is taken over piece by piece, so that what stayed the same keeps its focus, selection and place.
  const focusIn = (element) => {
    const into = element.matches("a, button") ? element : one("a, button", element);
    if (into) into.focus({ preventScroll: true });
  };
  const merge = (now, news) => {
    if (now.isEqualNode(news)) return;
    const focused = document.activeElement;
    if (!now.hasAttribute("data-pieces")) {
      const within = now.contains(focused);
      now.replaceWith(news);
      return within && focusIn(news);
    }
    const known = new Map([...now.children].map((child) => [child.id, child]));
    let heir = null;
    const kept = [...news.children].map((child) => {
      const old = known.get(child.id);
      if (old && old.isEqualNode(child)) return old;
      if (!old) child.classList.add("fresh");
      else if (old.contains(focused)) heir = child;
      return child;
    });
    for (const [place, child] of kept.entries()) {
      if (now.children[place] !== child) now.insertBefore(child, now.children[place] || null);
    }
    while (now.children.length > kept.length) now.lastElementChild.remove();
    if (heir) focusIn(heir);
    else if (focused.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
  };
  document.addEventListener("animationend", (event) => event.target.classList.remove("fresh"));

  // What an SMS costs, while it is written (3GPP TS 23.038): the alphabets come with the page.
  const words = one("[data-segments]");
  if (words) {
    const { basic, extension } = words.dataset;
    const way = one("[data-way]");
    const cost = one("[data-cost]");
    const parts = (costs, single, part) => {
      if (costs.reduce((sum, units) => sum + units, 0) <= single) return 1;
      let count = 1;
      let used = 0;
      for (const units of costs) {
        if (used + units > part) {
          count += 1;
          used = 0;
        }
        used += units;
      }
      return count;
    };
    const count = () => {
      const text = [...words.value];
      if (!way.value.startsWith("sms|") || text.length === 0) return (cost.textContent = "");
      const dear = [...new Set(text.filter((one) => !basic.includes(one) && !extension.includes(one)))];
      const number = dear.length
        ? parts(text.map((one) => one.length), 70, 67)
        : parts(text.map((one) => (extension.includes(one) ? 2 : 1)), 160, 153);
      const why = dear.length ? " in UCS-2, less room because of " + dear.join(" ") : " in GSM-7";
      cost.textContent = number + (number === 1 ? " SMS part" : " SMS parts") + why;
    };
    const fit = () => document.body.toggleAttribute("data-email", way.value.startsWith("email|"));
    for (const kind of ["input", "change"]) addEventListener(kind, () => (count(), fit()));
    count();
    fit();
  }

  // A filter that says whom it holds while it is put together: the form asks for its own count.
  const counts = one("[data-counts]");
  if (counts) {
    let asking = 0;
    const ask = async () => {
      const turn = ++asking;
      const body = new URLSearchParams(new FormData(counts));
      body.set("act", "count");
      const answer = await fetch(counts.action, { method: "POST", body, redirect: "manual" }).catch(() => null);
      if (!answer || !(answer.headers.get("content-type") || "").includes("html")) return;
      const news = one("[data-part=count]", new DOMParser().parseFromString(await answer.text(), "text/html"));
      if (news && turn === asking) one("[data-part=count]").replaceWith(document.adoptNode(news));
    };
    let soon = 0;
    counts.addEventListener("input", () => {
      clearTimeout(soon);
      soon = setTimeout(ask, 400);
    });
  }

  const live = one("[data-live]");
  if (!live) return;
  const every = 2000;
  const slowest = 16000;
  let wait = every;
  let tag = "";
  let timer = 0;
  const look = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(live.dataset.live, { cache: "no-store", headers: tag ? { "if-none-match": tag } : {} });
      if (answer.status === 401) return location.reload();
      // Nothing new for a while: ask less often, up to every 16 seconds.
      wait = answer.status === 200 ? every : Math.min(wait * 1.1, slowest);
      if (answer.status === 200) {
        tag = answer.headers.get("etag") || "";
        const news = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const part of all("[data-part]", news)) {
          const now = one('[data-part="' + part.dataset.part + '"]');
          if (now) merge(now, document.adoptNode(part));
        }
      }
    } catch {
      wait = slowest;
    }
    timer = setTimeout(look, wait);
  };
  timer = setTimeout(look, wait);
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    wait = every;
    if (!document.hidden) timer = setTimeout(look, 200);
  });
})();
`;
