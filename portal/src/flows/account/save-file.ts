/** Downloads a file that the page has made. @param type its media type */
export function saveFile(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Keep the URL for a while: some browsers start to read it only after this task.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
