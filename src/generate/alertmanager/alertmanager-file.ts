import type { NotificationSettings } from '../../config/notifications.js';
import { mergedFile } from './merged-file.js';
import type { MergedFile, UsersFile } from './merged-file.js';
import { wholeFile } from './whole-file.js';

/**
 * Alertmanager's configuration for what meshslo tells: the whole of it, or merged into the user's own.
 *
 * @param users the file that {@link NotificationSettings.mergeInto} names; the caller has read it
 */
export function alertmanagerFile(settings: NotificationSettings, users: UsersFile | undefined): MergedFile {
  return users === undefined ? { text: wholeFile(settings), diagnostics: [] } : mergedFile(settings, users);
}
