/**
 * The order of the house: a folder may import those above it in this list, never those below it.
 * Read from top to bottom it is the way of the data: words, text, packs, scrape, ledger, people.
 */
const order = [
  'domain',
  'exposition',
  'promql',
  'documents',
  'packs',
  'config',
  'peers',
  'sli',
  'ledger',
  'scrape',
  'prometheus',
  'catalog',
  'controlplane',
  'migration',
  'findings',
  'alerting',
  'generate',
  'report',
  'publish',
  'simulator',
  'server',
  'ui',
  'service',
  'demo',
  'cli',
];

const direction = order.slice(0, -1).map((folder, position) => ({
  name: `${folder}-imports-only-what-stands-above-it`,
  comment:
    `src/${folder} may import only: ${order.slice(0, position).join(', ') || 'nothing of ours'}. ` +
    'Pass what it needs as an argument, or move the shared word up to the first folder that needs it.',
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: {
    path: order
      .slice(position + 1)
      .map((lower) => `^src/${lower}/`)
      .join('|'),
  },
}));

const pure = ['domain', 'exposition', 'promql'];

module.exports = {
  forbidden: [
    ...direction,
    {
      name: 'every-folder-has-its-place',
      comment: 'Write the new folder into the order above, between what it imports and what imports it.',
      severity: 'error',
      from: { path: `^src/(?!(${order.join('|')})/)` },
      to: {},
    },
    {
      name: 'the-simulator-imports-nothing-that-it-tests',
      comment: 'It is the truth the product is held against: it has its own renderer and its own arithmetic.',
      severity: 'error',
      from: { path: '^src/simulator/' },
      to: { path: '^src/(?!simulator/)' },
    },
    {
      name: 'the-page-knows-only-the-api',
      comment: 'src/ui talks to the server over HTTP; from src it may import types of the API only.',
      severity: 'error',
      from: { path: '^src/ui/' },
      to: { path: '^src/(?!ui/|server/api-types|domain/)' },
    },
    {
      name: 'pure-folders-touch-nothing',
      comment: 'domain, exposition and promql have no clock, no I/O and no packages: hand them values.',
      severity: 'error',
      from: { path: `^src/(${pure.join('|')})/` },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev'] },
    },
    {
      name: 'no-circles',
      comment: 'Two files that need each other hold one concept, or a third one: name it.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.check.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
