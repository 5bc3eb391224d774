// Wraps a part of the page that is fetched again, and keeps what its reader did there: focus, what is unfolded, and
// where in the window it stands while they use or read it.
class LiveRegion extends HTMLElement {
  at = null // where its top was, while it is to stay there

  // One answer may bring several parts anew, and tells of the swap only in one of them.
  connectedCallback() {
    for (const type of ["htmx:beforeSwap", "htmx:afterSwap"]) document.addEventListener(type, this)
  }

  disconnectedCallback() {
    for (const type of ["htmx:beforeSwap", "htmx:afterSwap"]) document.removeEventListener(type, this)
  }

  handleEvent(event) {
    if (event.type === "htmx:beforeSwap") this.remember()
    else this.restore()
  }

  remember() {
    const focused = document.activeElement
    this.focused = focused !== this && this.contains(focused) ? this.place(focused) : null
    this.unfolded = [...this.querySelectorAll("details[open]")].map((details) => this.place(details))
    const used = this.focused ? focused : this.querySelector(":is(a, button, summary):hover")
    this.used = used && this.place(used)
    this.usedAt = used && topOf(used)
    this.at = used || topOf(this) < 0 ? topOf(this) : null
  }

  restore() {
    for (const place of this.unfolded ?? []) this.find(place)?.setAttribute("open", "")
    if (this.focused && document.activeElement === document.body) this.refocus(this.focused)
    window.scrollBy({ top: this.moved, behavior: "instant" })
  }

  // Parts above grow, and nothing may slip away under a finger that is about to press.
  get moved() {
    const used = this.used && this.find(this.used)
    if (used) return topOf(used) - this.usedAt
    return this.at === null ? 0 : topOf(this) - this.at
  }

  // An element is known again by the named element around it, and by where it leads or what it says.
  place(element) {
    return { home: element.closest("[id]").id, kind: element.localName, name: this.name(element) }
  }

  find({ home, kind, name }) {
    const candidates = document.getElementById(home)?.querySelectorAll(kind) ?? []
    return [...candidates].find((element) => this.name(element) === name)
  }

  name(element) {
    const said = element.querySelector(":scope > summary") ?? element
    return element.getAttribute("href") ?? said.textContent
  }

  // Where the control has gone, the focus stays with what it belonged to.
  refocus(place) {
    const element = this.find(place) ?? document.getElementById(place.home)
    if (!element) return
    if (element.tabIndex < 0) element.tabIndex = -1
    element.focus({ preventScroll: true })
  }
}

function topOf(element) {
  return element.getBoundingClientRect().top
}

customElements.define("live-region", LiveRegion)
