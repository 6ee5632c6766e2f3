/** Preloaded into every measured process: tells its own counters when its parent asks for them. Never part of a package. */
process.on('message', (message) => {
  if (message !== 'usage') return;
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMicroseconds: user + system, residentBytes: process.memoryUsage.rss() });
});
// What only answers must not keep the process alive.
process.channel?.unref();
