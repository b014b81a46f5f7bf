-- Steps that a condition leaves out. Who has the value judges: the slot that made it, or the client whose parameter it is; here
-- only the verdict is known, `unwanted` of the document. A step whose condition has no value to look at is left out too.
-- @include document

local function unwanted_of(doc)
  if doc.unwanted == nil then doc.unwanted = redis.call('HGET', doc.key, 'unwanted') or '' end
  return doc.unwanted
end

local function is_named(words, word) return string.find(' ' .. words .. ' ', ' ' .. word .. ' ', 1, true) ~= nil end

-- What `source` made was judged: of the steps that its value decides on, these are unwanted.
local function judge_followers(doc, source, unwanted)
  local kept = {}
  for step in string.gmatch(unwanted_of(doc), '%S+') do
    if about(doc.plan, step).guard ~= source then kept[#kept + 1] = step end
  end
  if unwanted ~= '' then kept[#kept + 1] = unwanted end
  local words = table.concat(kept, ' ')
  if words == doc.unwanted then return end
  doc.unwanted = words
  set(doc, 'unwanted', words)
end

local function is_left_out(doc, step)
  if not doc.plan.guarded then return false end
  local guard = about(doc.plan, step).guard
  if not guard then return false end
  if guard ~= 'input' and record(doc, guard).state ~= 'done' then return true end
  return is_named(unwanted_of(doc), step)
end

local function leave_out(doc, step)
  set_state(doc, step, 'skipped')
  set(doc, fields_of(step).finished, NOW_TEXT)
  tell(doc.id, doc.id .. '/' .. step, 'skipped')
end
