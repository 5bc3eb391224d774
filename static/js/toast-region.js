// Says what an act has done, and when a request has failed. Takes each toast away after 8 seconds, unless it is pointed at.
const SHOWN_FOR = 8_000 // milliseconds
const HEARD_AFTER = 100 // by then the region is known, and what comes into it is read aloud

class ToastRegion extends HTMLElement {
  connectedCallback() {
    this.watcher = new MutationObserver((changes) => {
      for (const node of changes.flatMap((change) => [...change.addedNodes])) {
        if (node instanceof HTMLElement) this.expire(node)
      }
    })
    this.watcher.observe(this, { childList: true })
    setTimeout(() => this.say(document.querySelectorAll("p.said")), HEARD_AFTER)
    document.addEventListener("htmx:responseError", this)
    document.addEventListener("htmx:sendError", this)
    document.addEventListener("htmx:timeout", this)
  }

  disconnectedCallback() {
    this.watcher.disconnect()
    document.removeEventListener("htmx:responseError", this)
    document.removeEventListener("htmx:sendError", this)
    document.removeEventListener("htmx:timeout", this)
  }

  handleEvent(event) {
    if (event.target.hasAttribute("data-live")) return // nobody asked for it; it tries again
    const failed = this.querySelector("template").content.cloneNode(true)
    this.querySelector("[data-failed]")?.remove()
    this.append(failed)
  }

  say(lines) {
    for (const line of lines) {
      const toast = line.cloneNode(true)
      toast.className = "toast"
      this.append(toast)
    }
  }

  expire(toast) {
    setTimeout(() => (toast.matches(":hover") ? this.expire(toast) : toast.remove()), SHOWN_FOR)
  }
}

customElements.define("toast-region", ToastRegion)
