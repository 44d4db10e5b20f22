// Starts the page, and starts it anew when the language changes or somebody signs in or out.

import { announce } from "./announcer.js";
import { unauthorized } from "./api.js";
import { el, fill } from "./dom.js";
import { language, preferredLanguage, t, useLanguage } from "./i18n.js";
import { router } from "./router.js";
import { listenForKeys } from "./shortcuts.js";
import { loadStylesheet } from "./stylesheet.js";
import { conversations } from "./state/conversations.js";
import { corpus } from "./state/corpus.js";
import { panel } from "./state/panel.js";
import { server } from "./state/server.js";
import { Thread, threads } from "./state/thread.js";
import { errorText } from "./components/problem.js";
import { chatView } from "./views/chat.js";
import { shellView } from "./views/shell.js";

const app = document.getElementById("app");
let mounted = new AbortController();
let shown = new AbortController();
/** The conversation that has no id yet; kept over a change of the language. */
let fresh = new Thread();
/** The conversation that is shown, or was last. */
let current = fresh;
/** What was being written when a session ran out: it stands in the question box again after signing in. */
let unsent = "";

const actions = {
  switchLanguage: async (wanted) => {
    await useLanguage(wanted, true);
    await mount();
    if (!server.locked) corpus.refreshOwn(wanted);
    document.querySelector(".segment[aria-pressed=true]")?.focus();
  },
  openHelp: async () => (await import("./views/help.js")).openHelp(),
  newConversation: () => {
    if (fresh.turns.length > 0) fresh = new Thread();
    if (location.hash === "#/") router.notify();
  },
};

async function mount() {
  mounted.abort();
  mounted = new AbortController();
  if (server.locked) return mountSignIn();
  const { element, main } = shellView(actions, mounted.signal);
  fill(app, element);
  router.subscribe(() => show(main), mounted.signal);
  listenForKeys(keys(), mounted.signal);
  await show(main);
}

async function mountSignIn() {
  conversations.clear();
  panel.close();
  unsent = current.unsent;
  fresh = new Thread();
  const { signInView } = await import("./views/sign_in.js");
  fill(app, signInView(actions.switchLanguage));
  document.getElementById("key").focus();
}

async function show(main) {
  shown.abort();
  shown = new AbortController();
  const { signal } = shown;
  const { route } = router;
  const content = route.name === "corpus" ? await corpusContent(route, signal) : await chatContent(route, signal);
  if (signal.aborted) return;
  fill(main, content);
  // On a phone this would bring up the keyboard unasked.
  if (matchMedia("(pointer: fine)").matches) document.getElementById("question")?.focus();
}

async function corpusContent(route, signal) {
  const [{ corpusView }] = await Promise.all([import("./views/corpus.js"), loadStylesheet("css/corpus.css")]);
  return corpusView(route.documentId, signal);
}

async function chatContent({ conversationId }, signal) {
  try {
    const thread = conversationId ? await threads.open(conversationId) : freshThread();
    if (signal.aborted) return [];
    current = thread;
    thread.unsent ||= unsent;
    unsent = "";
    return await chatView(thread, signal);
  } catch (error) {
    announce(errorText(error));
    return el(
      "div",
      { class: "lost" },
      el("p", { role: "alert" }, errorText(error)),
      el("a", { href: "#/", class: "button" }, t("conversation.new")),
    );
  }
}

/** A conversation that got its id has its own place; the empty one is another. */
function freshThread() {
  if (fresh.id) fresh = new Thread();
  return fresh;
}

function keys() {
  const step = async (by) => (await import("./citation_steps.js")).stepCitation(by);
  const next = () => step(1);
  const previous = () => step(-1);
  return {
    "]": next,
    j: next,
    "[": previous,
    k: previous,
    n: () => {
      actions.newConversation();
      router.go("#/");
    },
    c: () => router.go("#/corpus"),
    "/": () => (document.getElementById("question") ?? document.getElementById("corpus-query"))?.focus(),
    "?": actions.openHelp,
  };
}

/** Mounts anew when somebody signed in or out. */
function followSession() {
  let { locked } = server;
  server.subscribe(() => {
    if (locked === server.locked) return;
    locked = server.locked;
    mount();
    if (!locked) loadLists();
  }, new AbortController().signal);
}

function loadLists() {
  conversations.refresh();
  corpus.refreshOwn(language());
  server.watch().then(() => corpus.own.length === 0 && corpus.refreshOwn(language()));
}

async function start() {
  unauthorized.handler = () => server.checkSession();
  await Promise.all([useLanguage(preferredLanguage()), server.checkSession()]);
  router.start();
  followSession();
  await mount();
  if (!server.locked) loadLists();
}

start();
