-- What steps say of their document for people who look: a flag of the document, and whose it is.
-- @include document

local function with_word(words, word)
  if not words then return word end
  return not string.find(' ' .. words .. ' ', ' ' .. word .. ' ', 1, true) and words .. ' ' .. word or nil
end

-- Documents that carry a flag are indexed by it. Each step keeps its own: they go where the whole of it runs again.
local function raise_flag(doc, own, flag, why)
  local of_step = fields_of(own.step).flags
  local v = redis.call('HMGET', doc.key, 'flags', of_step)
  local all, its = with_word(v[1], flag), with_word(v[2], flag)
  if its then set(doc, of_step, its) end
  if not all then return end
  set(doc, 'flags', all)
  redis.call('SADD', key('flags'), flag)
  redis.call('ZADD', by_key(flag), doc.submitted, doc.id)
  note(doc.id, own.job, flag, why)
end

-- What a step said that does not run again, or only in part, stays said.
local function keep_flags(doc, modes)
  local kept = nil
  for step in string.gmatch(doc.plan.steps, '%S+') do
    local own_flags = modes[step] ~= 'whole' and redis.call('HGET', doc.key, fields_of(step).flags) or ''
    for flag in string.gmatch(own_flags, '%S+') do kept = with_word(kept, flag) or kept end
  end
  for flag in string.gmatch(redis.call('HGET', doc.key, 'flags') or '', '%S+') do
    if with_word(kept, flag) then redis.call('ZREM', by_key(flag), doc.id) end
  end
  if not kept then redis.call('HDEL', doc.key, 'flags') else redis.call('HSET', doc.key, 'flags', kept) end
end
