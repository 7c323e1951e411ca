// Offers text to the browser as a download. Nothing leaves the page.

/** `type`: the media type without a charset; the text is UTF-8. */
export function saveFile(name: string, type: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  // After the click's own task, in which the browser opens the URL.
  setTimeout(() => URL.revokeObjectURL(link.href), 0);
}
