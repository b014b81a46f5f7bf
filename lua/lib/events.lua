-- What happened in this call: collected, then told once, to the live page's stream and to each document's channel.
-- @include keys

local happened = {}
local touched = {}

-- what: `<id>/<step>`, `<id>/<step>[i]` or `<id>`; word: the state it moved to
local function tell(id, what, word)
  happened[#happened + 1] = what
  happened[#happened + 1] = word
  touched[id] = word
end

local function publish()
  if #happened == 0 then return end
  redis.call('XADD', key('events'), 'MAXLEN', '~', 10000, '*', unpack(happened))
  for id, word in pairs(touched) do redis.call('SPUBLISH', doc_key(id), word) end
end
