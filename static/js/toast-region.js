// Takes each toast away after 8 seconds, unless it is pointed at, and says so when a request has failed.
const SHOWN_FOR = 8_000 // milliseconds

class ToastRegion extends HTMLElement {
  connectedCallback() {
    for (const toast of this.children) this.expire(toast)
    this.watcher = new MutationObserver((changes) => {
      for (const node of changes.flatMap((change) => [...change.addedNodes])) {
        if (node instanceof HTMLElement) this.expire(node)
      }
    })
    this.watcher.observe(this, { childList: true })
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

  expire(toast) {
    if (toast instanceof HTMLTemplateElement) return
    setTimeout(() => (toast.matches(":hover") ? this.expire(toast) : toast.remove()), SHOWN_FOR)
  }
}

customElements.define("toast-region", ToastRegion)
