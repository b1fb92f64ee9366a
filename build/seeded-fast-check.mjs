/** fast-check as tests have it: in CI with the same cases each time; at home with others, to find what nobody has thought of. */
import fc from '../node_modules/fast-check/lib/fast-check.js';

if (process.env['CI']) fc.configureGlobal({ seed: 20_261_122 });

export * from '../node_modules/fast-check/lib/fast-check.js';
export default fc;
