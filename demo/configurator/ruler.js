// Measures the height of the form, with the chosen texts and shape, on a wide page and on a phone. It uses a second, hidden preview,
// because the element's own rules for a width apply only on a page of that width.

/** Widths of the measured pages, pixels. */
const widths = { wide: 640, narrow: 320 };
/** Pause after the last change, so that the form is not measured at every keystroke. */
const restMs = 300;
/** The preview page's font size. */
const em = 16;

/** `report` receives `{wide, narrow}` in `em`, rounded up to the next half; undefined when nothing can be measured. */
export function createRuler(frame, report) {
  let timer;
  let wanted;
  frame.src = 'configurator/preview.html';

  function send() {
    frame.contentWindow?.postMessage({ settings: wanted, phase: 'form', dark: false, rtl: false }, location.origin);
  }

  async function read() {
    const element = frame.contentDocument?.querySelector('polyai-callback');
    if (!element) return;
    await element.updateComplete;
    const heightAt = (width) => {
      frame.style.inlineSize = `${String(width)}px`;
      return Math.ceil((element.offsetHeight / em) * 2) / 2;
    };
    const measured = { wide: heightAt(widths.wide), narrow: heightAt(widths.narrow) };
    report(measured.wide > 0 && measured.narrow > 0 ? measured : undefined);
  }

  return {
    /** Measures the form with these settings; a floating form takes up no height in the page. */
    measure(settings) {
      clearTimeout(timer);
      if (settings.variant !== 'inline') return;
      timer = setTimeout(() => {
        wanted = settings;
        send();
      }, restMs);
    },
    /** True for a message from the measuring page. */
    receives(source, data) {
      if (source !== frame.contentWindow) return false;
      if (data.type !== 'ready') void read();
      else if (wanted) send();
      return true;
    },
  };
}
