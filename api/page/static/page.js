// What the page does besides showing itself: without it, links and forms do the same.
"use strict";

const live = document.getElementById("live"), state = document.getElementById("state"), pause = document.getElementById("pause");
let paused = false;

function say(text, wrong) {
  const line = document.createElement("p");
  line.className = wrong ? "wrong" : "well";
  line.textContent = text;
  document.getElementById("said").replaceChildren(line);
  return line;
}

// The stream of what changes: live, paused, or lost for the moment.
function follow() {
  const told = (text, kind) => { state.textContent = text; state.className = kind; };
  const lost = () => told("No connection: trying again", "wrong");
  const resume = () => { if (!paused) htmx.trigger(live, "resume"); };
  live.addEventListener("htmx:sse:after:connection", () => told("Live", "well"));
  live.addEventListener("htmx:sse:before:connection", (event) => {
    if (paused) return event.preventDefault();
    if (event.detail.connection.attempt > 1) lost(); else told("Connecting…", "");
  });
  live.addEventListener("htmx:sse:error", lost);
  live.addEventListener("htmx:sse:close", (event) => {
    if (paused) told("Paused", "");
    else if (event.detail.reason === "message") told("It has ended", "");
    else { lost(); setTimeout(resume, 1000); }
  });
  pause.hidden = !live.getAttribute("hx-trigger").includes("load");
  pause.addEventListener("click", () => {
    paused = !paused;
    pause.setAttribute("aria-pressed", paused);
    pause.firstChild.textContent = paused ? "Go on " : "Pause ";
    const stream = live._htmx && live._htmx.sse;
    if (!paused) return resume();
    told("Paused", "");
    if (stream) { if (stream.delayCanceller) stream.delayCanceller(); if (stream.reader) stream.reader.cancel(); }
  });
  document.addEventListener("htmx:after:swap", (event) => {
    const titled = document.querySelector("[data-title]");
    if (titled) document.title = titled.dataset.title;
    // Something was done: a page whose document had ended may move again.
    if (!(live._htmx && live._htmx.sse) && event.target !== live) resume();
  });
}

// Keys: / finds, r reloads, p pauses; not while somebody types.
function keys() {
  const pressed = { "/": () => document.getElementById("q"), r: () => document.getElementById("reload"), p: () => pause };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    const meant = pressed[event.key] && pressed[event.key]();
    if (!meant) return;
    event.preventDefault();
    if (event.key === "/") { meant.focus(); meant.scrollIntoView({ block: "nearest" }); } else meant.click();
  });
}

// Files that are dropped: each becomes a document; of one, its page is shown.
async function submit(file, pipeline) {
  const form = new FormData();
  if (pipeline) form.append("pipeline", pipeline.value);
  form.append("file", file);
  const answer = await fetch("/documents", { method: "POST", body: form, headers: { Accept: "application/json" } });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.detail || answer.statusText);
  return told;
}

async function take(files) {
  const pipeline = document.getElementById("pipeline"), links = [];
  for (const [at, file] of files.entries()) {
    say(`Sending ${file.name} (${at + 1} of ${files.length})`);
    try {
      links.push(await submit(file, pipeline));
    } catch (problem) {
      return say(`${file.name} was not accepted: ${problem.message}`, true);
    }
  }
  if (links.length === 1) return location.assign(links[0].address);
  const line = say(`${links.length} documents were accepted: `);
  for (const { id, address } of links) {
    const link = document.createElement("a");
    [link.href, link.textContent] = [address, id];
    line.append(link, " ");
  }
}

function drops() {
  const target = document.getElementById("drop");
  const carries = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  const show = (is) => { target.hidden = !is; };
  addEventListener("dragover", (event) => { if (carries(event)) { event.preventDefault(); show(true); } });
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) show(false); });
  addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    show(false);
    if (event.dataTransfer.files.length) take([...event.dataTransfer.files]);
  });
}

if (live) follow();
keys();
if (document.getElementById("upload")) drops();
