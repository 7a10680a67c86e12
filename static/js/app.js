// What every page of the app does in the browser: theme, menus, dialogs, keyboard, notices.
// Pages work without it (menus are <details>, lists are links); nothing here is needed to log in or book.
(() => {
  "use strict";
  const root = document.documentElement;
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const remember = (name, value) => {
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax${secure}`;
  };
  const recall = (name) => document.cookie.split("; ").find((part) => part.startsWith(`${name}=`))?.split("=")[1];

  // Theme: the server renders data-theme from the cookie, so that no page flashes in the wrong one.
  const showTheme = () => {
    const choice = root.dataset.theme || "auto";
    all("[data-theme-choice]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice)));
  };
  const chooseTheme = (choice) => {
    if (choice === "auto") delete root.dataset.theme;
    else root.dataset.theme = choice;
    remember("theme", choice);
    showTheme();
  };

  // Single-key shortcuts can be switched off (WCAG 2.1.4).
  const hasKeys = () => recall("keys") !== "off";
  const showKeys = () => all("[data-keys-toggle]").forEach((button) => button.setAttribute("aria-pressed", String(hasKeys())));

  // Density of tables, remembered like the theme.
  const switchDensity = () => {
    const isCompact = root.dataset.density !== "compact";
    if (isCompact) root.dataset.density = "compact"; else delete root.dataset.density;
    remember("density", isCompact ? "compact" : "comfortable");
    all("[data-density-toggle]").forEach((button) => button.setAttribute("aria-pressed", String(isCompact)));
  };

  const closeMenus = (except) => all("details[data-menu][open], details.menu-box[open]").filter((menu) => menu !== except).forEach((menu) => { menu.open = false; });

  const openDialog = (id) => document.getElementById(id)?.showModal();

  document.addEventListener("click", (event) => {
    const target = event.target;
    closeMenus(target.closest("details.menu-box"));
    const theme = target.closest("[data-theme-choice]");
    if (theme) chooseTheme(theme.dataset.themeChoice);
    if (target.closest("[data-density-toggle]")) switchDensity();
    if (target.closest("[data-keys-toggle]")) { remember("keys", hasKeys() ? "off" : "on"); showKeys(); }
    const opener = target.closest("[data-open]");
    if (opener) { closeMenus(); openDialog(opener.dataset.open); }
    const dismiss = target.closest("[data-dismiss]");
    if (dismiss) dismiss.closest("[data-flash]")?.remove();
  });

  // A form that takes a while says so, and is not sent twice by an impatient second click.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-slow]")) return;
    if (form.dataset.isSent) { event.preventDefault(); return; }
    form.dataset.isSent = "yes";
    const words = one("[data-slow-words]", form);
    if (words) words.textContent = form.dataset.slow;
    form.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => all("[data-is-sent]").forEach((form) => { delete form.dataset.isSent; }));

  // Rows: anything marked data-row with a link marked data-row-link in it.
  const rows = () => all("[data-row]").filter((row) => row.offsetParent !== null || row.tagName === "TR");
  const linkOf = (row) => one("[data-row-link]", row);
  const currentRow = () => document.activeElement?.closest?.("[data-row]");
  const moveRow = (step) => {
    const list = rows();
    if (!list.length) return;
    const at = list.indexOf(currentRow());
    const next = list[at < 0 ? (step > 0 ? 0 : list.length - 1) : Math.min(Math.max(at + step, 0), list.length - 1)];
    const link = linkOf(next);
    link?.focus();
    next.scrollIntoView({ block: "nearest" });
  };

  const isTyping = (element) => element?.matches?.("input, textarea, select, [contenteditable=true]");
  const places = { t: "today", d: "due", c: "conversations", a: "appointments" };
  let afterG = 0;
  const goTo = (key) => {
    const link = one(`[data-nav="${places[key]}"]`);
    if (link) location.assign(link.href);
  };
  const keys = {
    "/": () => { const box = one("[data-search]"); box?.focus(); box?.select(); },
    "?": () => openDialog("keys-dialog"),
    j: () => moveRow(1),
    k: () => moveRow(-1),
    g: () => { afterG = Date.now(); },
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = one("details.menu-box[open]");
      if (menu) { menu.open = false; one("summary", menu)?.focus(); } else if (isTyping(document.activeElement)) document.activeElement.blur();
      return;
    }
    if (!hasKeys() || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || one("dialog[open]")) return;
    if (afterG && Date.now() - afterG < 1500 && places[event.key]) { afterG = 0; event.preventDefault(); goTo(event.key); return; }
    const shortcut = one(`[data-key="${CSS.escape(event.key)}"]`);
    const action = keys[event.key] || (shortcut && (() => shortcut.click()));
    if (action) { event.preventDefault(); action(); }
  });

  // Notices: polite, and gone after a while unless they report a problem.
  const fade = () => all("[data-flash]:not(.tone-bad):not(.tone-warn)").forEach((flash) => setTimeout(() => flash.remove(), 8000));
  const say = (text, tone) => {
    const area = document.getElementById("flash");
    if (!area) return;
    const flash = document.createElement("div");
    flash.className = `flash note tone-${tone}`;
    flash.dataset.flash = "";
    const words = document.createElement("p");
    words.className = "grow";
    words.textContent = text;
    const close = document.createElement("button");
    close.className = "btn btn-ghost btn-xs";
    close.type = "button";
    close.dataset.dismiss = "";
    close.textContent = "Dismiss";
    flash.append(words, close);
    area.append(flash);
    fade();
  };
  document.addEventListener("htmx:responseError", (event) => say(`That did not work (${event.detail.xhr.status}). Nothing was changed; try again.`, "bad"));
  document.addEventListener("htmx:sendError", () => say("No connection. Nothing was changed; try again when you are online.", "bad"));
  document.addEventListener("say", (event) => say(event.detail.value ?? event.detail.text, event.detail.tone ?? "good"));
  document.addEventListener("htmx:afterSettle", fade);

  // Alpine components (CSP build: data is registered, markup only names it).
  document.addEventListener("alpine:init", () => {
    window.Alpine.data("copyText", () => ({
      isCopied: false,
      async copy() {
        await navigator.clipboard.writeText(this.$root.dataset.text);
        this.isCopied = true;
        setTimeout(() => { this.isCopied = false; }, 2000);
      },
    }));
    window.Alpine.data("disclosure", () => ({ isOpen: false, toggle() { this.isOpen = !this.isOpen; } }));
  });

  // A screen whose newest line is its last shows that one, as a phone does.
  const showNewest = () => all("[data-newest-last]").forEach((screen) => { screen.scrollTop = screen.scrollHeight; });
  document.addEventListener("htmx:afterSettle", showNewest);

  const start = () => { showTheme(); showKeys(); fade(); showNewest(); };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
