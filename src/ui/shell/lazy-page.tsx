import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** A page whose code is loaded when it is first shown; says so where it cannot be. */
export function lazy<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loaded: ComponentType<Props> | undefined;
  return function Lazy(props: Props) {
    const [, setState] = useState(0);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      if (loaded) return;
      load().then(
        (component) => {
          loaded = component;
          setState(1);
        },
        () => setFailed(true),
      );
    }, []);
    const Loaded = loaded;
    if (Loaded) return <Loaded {...props} />;
    if (!failed) return <p class="note">Reading …</p>;
    return (
      <p class="note" role="alert">
        This part of the page cannot be loaded; meshslo may have been updated meanwhile.{' '}
        <button onClick={() => location.reload()}>Load the page again</button>
      </p>
    );
  };
}
