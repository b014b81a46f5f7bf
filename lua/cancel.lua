#!lua flags=allow-oom
--[[
cancel: end documents that someone does not want any more. What waits leaves its lane; what runs is told: its supervisor
hears of it at once, and its slot's next call is answered `ended`. Cancel wins over every requeue.

KEYS
  retention        zset
ARGV
  why              for the log and the document's error
  documents...     id; about eight a call, lest it takes long
ANSWERS
  word...          for each: cancelled; unknown; or, where it had ended before, its final state
MAY BE SENT AGAIN  yes: a document that was cancelled before answers cancelled
]]

local MOST_TOLD = 64 -- workers: others hear of it at their next renewal
local LONGEST_ERROR = 60 -- bytes: a document's values stay small; the whole reason is in its log

-- At most so long, and no character in half.
local function short(why)
  if #why <= LONGEST_ERROR then return why end
  return (string.gsub(string.sub(why, 1, LONGEST_ERROR), '[\192-\255][\128-\191]*$', ''))
end

local function done_before(doc)
  local done = {}
  for step in string.gmatch(planned(doc.pipeline, 'steps') or '', '%S+') do
    if record(doc, step).state == 'done' then done[#done + 1] = step end
  end
  return #done > 0 and '; done before, with what it did outside: ' .. table.concat(done, ' ') or ''
end

local function cancel(id)
  local doc = open(id)
  if not doc then return 'unknown' end
  if FINAL_DOCUMENT[doc.status] then return doc.status end
  note(id, id, 'cancelled', ARGV[1] .. done_before(doc))
  finish(doc, 'cancelled', short(ARGV[1]))
  return 'cancelled'
end

local words, some = {}, false
for at = 2, #ARGV do
  words[at - 1] = cancel(ARGV[at])
  some = some or words[at - 1] == 'cancelled'
end
flush()
if some then
  for _, worker in ipairs(redis.call('ZREVRANGE', key('workers'), 0, MOST_TOLD - 1)) do redis.call('SPUBLISH', worker_key(worker), 'renew') end
end
return words
