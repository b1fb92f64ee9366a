import './control-plane.css';
import type { ControlPlaneList } from '../../server/api-types/control-plane.js';
import { useReading } from '../live/reading.js';
import { snapshot } from '../live/snapshot.js';
import { PageHeading } from '../words/page-heading.js';
import { ReadingNote } from '../words/reading-note.js';
import { ControlPlaneSection } from './control-plane-section.js';
import { RegistrySync } from './registry-sync.js';

/** How what steers the proxies is: each control plane for itself, in the order of the configuration. */
export function ControlPlanePage() {
  const { value, trouble } = useReading<ControlPlaneList>({
    path: 'control-planes',
    subject: '',
    version: snapshot.value,
  });
  return (
    <>
      <PageHeading>Control plane</PageHeading>
      <ReadingNote reading={{ value, trouble }} what="Control planes" />
      {value?.configured === 0 && (
        <p class="note">
          No control plane is configured. Name one under <code>control_planes</code> in the configuration; then its
          instances, the sync of its proxies, versions and certificates are here.
        </p>
      )}
      {value && value.configured > value.controlPlanes.length && (
        <p class="note">{value.configured - value.controlPlanes.length} of them have not been looked at yet.</p>
      )}
      {value?.controlPlanes.map((one) => (
        <ControlPlaneSection key={one.name} controlPlane={one} />
      ))}
      {value && <RegistrySync registries={value.registries} />}
    </>
  );
}
