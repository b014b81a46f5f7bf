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

local words, some = {}, false
for at = 2, #ARGV do
  words[at - 1] = cancelling.document(ARGV[at], ARGV[1])
  some = some or words[at - 1] == 'cancelled'
end
flush()
if some then cancelling.tell_workers() end
return words
