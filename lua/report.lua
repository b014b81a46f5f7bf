#!lua flags=allow-oom
--[[
report: what a running job has to say: how far it is, a part of the list that it makes, a flag of its document, or what its next
try is to begin with.

KEYS
  slot             hash: the slot's record
ARGV
  incarnation      of the slot
  call             number of this call; each is one more than the last
  job              its name
  token            of its lease
  kind             progress, items, flag, or checkpoint
  first            progress: done; items: index of the first item; flag: its name; checkpoint: JSON or @blob
  values...        progress: total; items: item...; flag: why, for the log
ANSWERS
  ok               written
  stale            the lease is another's now: nothing was written
  ended            its document has ended
  gone             its document was purged
  repeated         the same call again: nothing was written again
  old              a later call was made: nothing changed
  retired          another incarnation has this slot's place: stop
  unknown          no record of this slot
MAY BE SENT AGAIN  yes, with the same call number
]]

local refusal = begin(KEYS[1], ARGV[1], ARGV[2])
if refusal then return refusal end

local doc, own = judge(ARGV[3], ARGV[4], true)
if doc and ARGV[5] == 'progress' then
  set(doc, own.step .. '.progress', ARGV[6] .. '/' .. ARGV[7])
  tell(doc.id, own.job, 'progress')
elseif doc and ARGV[5] == 'flag' then
  raise_flag(doc, own, ARGV[6], ARGV[7])
elseif doc and ARGV[5] == 'checkpoint' then
  keep_checkpoint(doc, own, ARGV[6])
elseif doc then
  store_items(doc, own, tonumber(ARGV[6]), ARGV, 7, #ARGV - 6)
end
remember({ doc and 'ok' or own })
flush()
return doc and 'ok' or own
