import { expect, test } from 'vitest';
import { LinkBanner } from '#components/LinkBanner.tsx';
import { aLine, aState } from './builders.ts';
import { mount } from './mount.tsx';

test('a copied browser profile is told of while both copies are signed in', async () => {
  const state = aState([aLine()]);
  const view = await mount(<LinkBanner state={{ ...state, deviceSessions: 2 }} now={0} />);
  expect(view.text()).toContain('its profile was copied');
  await view.redraw(<LinkBanner state={{ ...state, deviceSessions: 1 }} now={0} />);
  expect(view.text()).toBe('');
});
