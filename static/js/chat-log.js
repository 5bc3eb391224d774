// Wraps the log of a chat: what comes does not move what is being read, and what is in sight is told as read.
const TYPING = 5000 // milliseconds; who writes says so every three seconds
const NEAR = -48 // pixels: in a log that is turned over, the end is 0 and all above it is negative

class ChatLog extends HTMLElement {
  connectedCallback() {
    this.log = this.querySelector("[role=log]")
    this.jump = this.querySelector(".chat-jump") // seen while the end, where something came, is out of sight
    this.form = this.querySelector(".chat-read") // holds the newest message told as read
    for (const type of ["click", "htmx:beforeSwap", "htmx:oobBeforeSwap", "htmx:afterSettle"]) this.addEventListener(type, this)
    this.log.addEventListener("scroll", this, { passive: true })
    document.addEventListener("visibilitychange", this)
    this.typing = this.querySelector(".chat-typing")
    this.typing.addEventListener("typing", () => this.showTyping())
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this)
  }

  handleEvent(event) {
    const { type, target } = event
    if (type === "htmx:oobBeforeSwap" && target.querySelector("form")) event.preventDefault() // it is being changed here
    if (type === "htmx:beforeSwap") this.hold()
    if (type === "htmx:afterSettle") this.keep()
    if (type === "click" && this.jump.contains(target)) this.toEnd().focus({ preventScroll: true })
    if (this.log.scrollTop < NEAR) return
    this.jump.hidden = true
    if (document.visibilityState === "visible") this.tell()
  }

  // Until a message comes, or nothing more for a while.
  showTyping() {
    this.typing.hidden = false
    clearTimeout(this.timer)
    this.timer = setTimeout(() => (this.typing.hidden = true), TYPING)
  }

  get entries() {
    return [...this.log.querySelectorAll(".message, .message-card")]
  }

  hold() {
    const { top } = this.log.getBoundingClientRect()
    this.last = this.entries.at(-1)
    this.anchor = this.log.scrollTop < NEAR && this.entries.find((entry) => entry.getBoundingClientRect().bottom > top)
    this.place = this.anchor && this.anchor.getBoundingClientRect().top
  }

  keep() {
    const last = this.entries.at(-1)
    if (last !== this.last) this.typing.hidden = true
    if (last !== this.last && last?.matches("[data-mine]")) this.toEnd()
    if (!this.anchor || !this.anchor.isConnected) return
    this.log.scrollTop += this.anchor.getBoundingClientRect().top - this.place
    this.jump.hidden &&= last === this.last
  }

  toEnd() {
    this.anchor = null
    this.log.scrollTo(0, 0)
    return this.log
  }

  tell() {
    const { upTo } = this.log.querySelector(".chat-newer").dataset
    if (Number(upTo) <= Number(this.form.up_to.value)) return
    this.form.up_to.value = upTo
    this.form.requestSubmit()
  }
}

customElements.define("chat-log", ChatLog)
