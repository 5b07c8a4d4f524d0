import { Component, type ReactNode } from 'react';
import { ErrorState } from '@/components/States';

/** Catches what breaks while something is drawn, so that the rest stays usable. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return <ErrorState error={this.state.error} title="This cannot be shown" retry={() => this.setState({ error: null })} />;
  }
}
