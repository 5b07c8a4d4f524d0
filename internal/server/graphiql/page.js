// Starts GraphiQL on this server. Asking is one fetch; a subscription reads server-sent
// events with fetch, so that both carry the headers of the headers tab.
(function () {
  'use strict';

  const url = '/graphql';

  async function ask(body, headers) {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return answer.json();
  }

  async function* listen(body, headers) {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream', ...headers },
      body: JSON.stringify(body),
    });
    if (!answer.ok) {
      yield await answer.json();
      return;
    }
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        rest += value;
        const events = rest.split('\n\n');
        rest = events.pop();
        for (const event of events) {
          const data = event.split('\n').filter((line) => line.startsWith('data:')).map((line) => line.slice(5)).join('\n').trim();
          if (data) yield JSON.parse(data);
        }
      }
    } finally {
      reader.cancel();
    }
  }

  function isSubscription(params, options) {
    const document = options && options.documentAST;
    if (!document) return false;
    return document.definitions.some(
      (d) => d.kind === 'OperationDefinition' && d.operation === 'subscription' &&
        (!params.operationName || (d.name && d.name.value === params.operationName)),
    );
  }

  // The headers tab begins with an Authorization to be filled in; an open server needs none.
  function filledIn(headers) {
    return Object.fromEntries(Object.entries(headers || {}).filter(([, value]) => !/^(Bearer)?\s*$/i.test(value)));
  }

  function fetcher(params, options) {
    const headers = filledIn(options && options.headers);
    return isSubscription(params, options) ? listen(params, headers) : ask(params, headers);
  }

  ReactDOM.createRoot(document.getElementById('graphiql')).render(
    React.createElement(GraphiQL, {
      fetcher,
      defaultEditorToolsVisibility: true,
      defaultHeaders: '{\n  "Authorization": "Bearer "\n}',
      defaultTabs: window.accessgraphExamples,
      shouldPersistHeaders: false,
    }),
  );
})();
