/** Preloaded by every npm script (`node --import`): an old Node fails here, in words, before it meets code it cannot read. */
const lowestMajor = 22;

if (Number(process.versions.node.split('.')[0]) < lowestMajor) {
  console.error(
    `Assent needs Node ${lowestMajor} or newer; this is Node ${process.versions.node}. ` +
      'Run it through npm (npm start, npm run build): the development dependency "node" brings the right one.',
  );
  process.exit(1);
}
