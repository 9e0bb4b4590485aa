// The page for agents. Language first, then who is here, then the screen.
import {render} from 'preact';
import {App} from './app';
import {preferredLanguage, setLanguage} from './i18n/text';
import {begin} from './state/session';

void setLanguage(preferredLanguage()).catch(() => {});
void begin();
render(<App />, document.getElementById('app')!);
