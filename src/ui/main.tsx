import { render } from 'preact';
import { followAddress } from './address/navigation.js';
import { followOrder } from './list/list-order.js';
import { startClock } from './live/clock.js';
import { followServer } from './live/events.js';
import { followKeyboard } from './shell/keyboard.js';
import { Page } from './shell/page.js';

followAddress();
startClock();
followOrder();
followServer();
followKeyboard();
render(<Page />, document.getElementById('page')!);
