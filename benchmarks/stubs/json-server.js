// A collection in memory: with a file instead, json-server writes the whole of it at each request.
module.exports = () => ({ "managed-accounts": [] });
