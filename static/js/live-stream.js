// Hears by server-sent events what has changed and tells the parts of the page that show it; each fetches itself again.
// Closed while the page is hidden. When it comes back it says how far it was, and hears whether it missed something.
const ALL = ["plan-changed", "messages-changed", "inbox-changed"]
const CHANGED = { plan: ALL, chat: ALL.slice(1), seen: ALL.slice(0, 1), "catch-up": ALL, typing: ["typing"], ready: [], beat: [] }
const SHORTEST_WAIT = 500 // milliseconds; doubled with each failure
const LONGEST_WAIT = 10_000
const SILENCE = 40_000 // the server gives a sign of life every 15 seconds

class LiveStream extends HTMLElement {
  connectedCallback() {
    this.since = this.getAttribute("since")
    this.failures = 0
    this.windows = new BroadcastChannel("acts") // what this person does in another window is news here, too
    this.windows.onmessage = () => (this.isBehind = document.hidden)
    for (const type of ["visibilitychange", "submit", "htmx:afterRequest"]) document.addEventListener(type, this)
    this.open()
  }

  handleEvent(event) {
    if (event.type === "submit") this.windows.postMessage("")
    else if (event.type === "htmx:afterRequest") this.check(event.detail)
    else if (event.type === "visibilitychange") this.open()
    else if (event.type === "error") this.lose()
    else this.hear(event)
  }

  open() {
    this.close()
    if (document.hidden) return
    this.source = new EventSource(`${this.getAttribute("url")}?since=${encodeURIComponent(this.since)}`)
    for (const type of ["error", "signed-out", ...Object.keys(CHANGED)]) this.source.addEventListener(type, this)
    this.timer = setTimeout(() => this.lose(), SILENCE)
    if (this.isBehind) this.tell(ALL)
    this.isBehind = false
  }

  close() {
    clearTimeout(this.timer)
    this.source?.close()
  }

  lose() {
    this.close()
    this.failures += 1
    if (this.failures > 1 && this.hasAttribute("state")) this.say("lost")
    const wait = Math.min(SHORTEST_WAIT * 2 ** this.failures, LONGEST_WAIT) * (0.5 + Math.random() / 2)
    this.timer = setTimeout(() => this.open(), wait)
  }

  hear({ type, lastEventId, data }) {
    this.since = lastEventId || this.since
    if (this.failures) this.tell(["messages-changed"]) // a message changed meanwhile leaves no mark on the cursor
    this.failures = 0
    this.say(type === "signed-out" ? "ended" : "open")
    if (type === "signed-out") return this.close()
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.lose(), SILENCE)
    this.tell(CHANGED[type], JSON.parse(data).contract)
  }

  // Without a contract, every part is told. A part that shows all contracts names none; the body hears of each.
  tell(names, contract) {
    const parts = document.querySelectorAll(contract ? `[data-live=""], [data-live="${contract}"]` : "[data-live]")
    const listeners = [...parts, document.body]
    for (const name of names) for (const each of listeners) each.dispatchEvent(new CustomEvent(name, { detail: { contract } }))
  }

  // A part that could not fetch itself is behind.
  check({ elt, failed, xhr }) {
    if (!failed || !elt.hasAttribute("data-live") || (xhr.status > 0 && xhr.status < 500)) return
    this.isBehind = true
    this.lose()
  }

  say(state) {
    if (this.getAttribute("state") === state) return
    this.setAttribute("state", state)
    this.querySelector("[role=status]").textContent = this.dataset[state] ?? ""
  }
}

customElements.define("live-stream", LiveStream)
