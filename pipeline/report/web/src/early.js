// Runs before the first paint, so that a chosen scheme does not flash.
try {
  const theme = localStorage.getItem("communique-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be closed to pages from disk; then the system's scheme holds.
}
