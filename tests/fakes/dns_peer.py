"""A name server on 127.0.0.1 that knows some TXT records, remembers what it was asked, and can fall silent."""

import socketserver
import threading

import dns.message
import dns.rcode
import dns.rrset


class DnsPeer:
    """`records` maps names (with their last dot) to texts; `address` is what `identity.dns_servers` takes."""

    def __init__(self):
        self.records, self.asked, self.silent = {}, [], False
        self._server = socketserver.ThreadingUDPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def address(self):
        return f"127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def _handler(peer):
        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                data, socket = self.request
                query = dns.message.from_wire(data)
                name = query.question[0].name.to_text().lower()
                peer.asked.append(name)
                if not peer.silent:
                    socket.sendto(peer.answer(query, name).to_wire(), self.client_address)

        return Handler

    def answer(self, query, name):
        reply = dns.message.make_response(query)
        texts = self.records.get(name)
        if texts is None:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        else:
            quoted = [" ".join(f'"{text[at:at + 200]}"' for at in range(0, len(text), 200)) for text in texts]
            reply.answer.append(dns.rrset.from_text_list(name, 60, "IN", "TXT", quoted))
        return reply
